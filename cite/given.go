package cite

import (
	"slices"
	"strings"
)

// givenNames are common in the places that training material comes from, sorted. A name that is not among them is
// read as well, but alone it is not taken for certain.
var givenNames = slices.Sorted(strings.FieldsSeq(`
	aaron abby abdul abigail ada adam adrian adriana agnes ahmed aida aiden aimee aisha akira alan albert alberto alejandro
	alex alexander alexandra alexis alfred ali alice alicia alina alison allen allison alma alyssa amanda amber amelia amina
	amir amy ana anastasia anders andre andrea andreas andrew andy angela angelica anil anita ann anna anne annette annie
	anthony anton antonia antonio april arjun armando arne art arthur arturo arun asha ashley astrid audrey austin ava
	barbara barry beatrice beatriz becky ben benjamin bernard bernice beth bethany betty beverly bill billy björn blanca bo
	bob bonnie boris brad bradley brandon brenda brendan brent brett brian bridget britt brittany brooke bruce bryan burak
	caitlin calvin cameron camila camille candace carl carla carlos carmen carol carole carolina caroline carolyn carrie
	casey cassandra catalina cate catherine cathy cecilia cedric celeste celia cesar chandra charlene charles charlie
	charlotte chelsea cheryl chiara chloe chris christian christina christine christoph christopher christy cindy claire
	clara clarence claudia clay clifford clive cody colin colleen connie connor constance corey courtney craig cristina
	crystal curtis cynthia daisy dale damian dan dana daniel daniela danielle danny darius darlene darren dave david dawn
	dean deb debbie deborah debra deepa deepak denise dennis derek diana diane diego dimitri dina dirk dolores dominic
	don donald donna dora doreen doris dorothy doug douglas duane duncan dustin dwayne dylan earl ed eddie edgar edith
	eduardo edward edwin eileen elaine eleanor elena eli elias elisa elisabeth elise elizabeth ella ellen ellie elsa elsie
	emil emilia emilio emily emma enrique eric erica erik erika erin ernest esteban esther ethan eugene eva evan eve evelyn
	fabio faith farah fatima felicia felipe felix fernanda fernando fiona florence frances francesca francesco francis
	francisco françois frank franklin franz fred frederick frieda gabriel gabriela gail gareth gary gavin gene geoffrey
	george georgia gerald geraldine gerard gerhard gilbert gina gino giovanni giulia gladys glen glenn gloria gordon grace
	graham grant greg gregory greta guadalupe guillermo gustavo guy gwen hakan hamid hana hannah hans harold harriet
	harry hassan hazel heather hector heidi heinrich helen helena helga henri henry herbert hilary hilda hiro hiroshi holly
	howard hugh hugo ian ibrahim ida ignacio igor imani ines inga ingrid irene iris irma isaac isabel isabella ismail ivan
	jack jackie jackson jacob jacqueline jacques jaime jake jamal james jamie jan jane janet janice jared jasmine jason
	javier jay jayne jean jeanette jeff jeffery jeffrey jen jenna jennifer jenny jeremiah jeremy jerome jerry jesse
	jessica jesús jill jim jimmy jing joan joann joanna joanne joaquin jodi joe joel johan johann johanna john johnny jon
	jonas jonathan jordan jorge jose josefina joseph josephine josh joshua josé joy joyce juan juanita judith judy julia
	julian juliana julie juliet julio jun june jürgen justin kamal kara karen karin karl karla kate katherine kathleen
	kathryn kathy katie katrina kay kayla keith kelly kelsey ken kenji kenneth kenya kerry kevin khalid kim kimberly kirk
	kirsten klaus kris krista kristen kristin kristina krystal kurt kyle kylie lamar lance lars latoya laura lauren laurence
	laurie lawrence lea leah lee leila lena leo leon leonard leonardo leroy leslie leticia lev lewis li liam lila lillian
	linda lindsay lindsey ling linus lionel lisa liz lloyd lois lola loren lorena loretta lori lorraine louis louise luca
	lucas lucia lucille lucy luigi luis luisa luke luz lydia lynn mae maggie mahmoud malik manuel marc marcel marcia marco
	marcos marcus margaret margarita maria mariam marian mariana marianne marie marilyn mario marion marisol
	marissa marjorie mark marlene marsha marta martha martin martina marvin mary maryam mateo mathew matilda matt matthew
	matthias maureen maurice max maxine maya mayra meg megan mehmet mei melanie melinda melissa melody mercedes
	meredith mia micah michael michaela michele michelle miguel mihai mikael mike mila mildred milena ming miranda miriam
	mitchell mohamed mohammad mohammed moira mollie molly mona monica monique morgan muhammad mustafa myra nadia
	nadine nancy naomi natalia natalie natasha nathan nathaniel neal neha neil nell nelson nia nicholas nick nico
	nicola nicolas nicole nigel nikki nils nina noah noel nora norma norman olga oliver olivia omar oscar otto owen pablo
	paige pamela paola pat patrice patricia patrick patti paul paula pauline pedro peggy penelope penny pete peter petra
	phil philip philippe phillip phoebe phyllis pierre priya quentin rachel rafael rahul raj ralph ramona ramón randall
	randy raquel rashid raul ravi ray raymond rebecca regina reginald renata renee reza rhonda ricardo richard rick ricky
	rita rob robert roberta roberto robin robyn rocío roderick rodney roger roland rolf roman ron ronald rosa rosalind
	rosario rosemary ross roy ruben ruby rudolf rudy russell ruth ryan sabine sabrina sadie sally salma salvador sam
	samantha samir samuel sandra sandy sanjay santiago sara sarah sasha saul scott sean sebastian selena serena sergei
	sergio seth seymour shane shannon sharon shaun shawn sheila shelby sheryl shirley sidney sierra silvia simon simone
	sofia sonia sonya sophia sophie stacey stacy stan stanley stefan stefanie stella stephan stephanie stephen steve steven
	stewart stuart sue sunil suresh susan susana susanne suzanne sven sylvia tamara tamika tania tanya tara tariq tatiana
	ted teresa terrence terri terry thelma theo theodore theresa thomas tiffany tim timothy tina tobias todd tom tomás
	toni tony tracey traci tracy travis trevor tricia trina tyler tyrone ulrich ursula valentina valerie vanessa vera
	vernon veronica vicki victor victoria vijay vincent viola virginia vivian vladimir walter wanda warren wayne wei wendy
	werner wesley whitney wilhelm will willem william willie wilma winston xavier xin yan yasmin yolanda yoko yuki yun
	yusuf yvette yvonne zachary zara zoe zoë álvaro ángel éloïse émile érica
`))
